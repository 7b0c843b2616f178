import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The pages as static files; `npm run build` says where they go. */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // The content security policy of the pages allows neither inline scripts nor data addresses of our own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The plots are one chunk of their own; what is left is small enough.
    chunkSizeWarningLimit: 800,
  },
})
