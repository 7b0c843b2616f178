/** Drawings of 24 × 24 units, one stroke; each stands beside words or under a label, so none has words of its own. */
const drawings = {
  sun: 'M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c0-3.3 3.1-5.5 7-5.5s7 2.2 7 5.5',
  search: 'm20 20-4.2-4.2M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  pause: 'M8.5 5v14m7-14v14',
  play: 'M7.5 5v14l11-7Z',
  again: 'M20 11a8 8 0 1 0-2.3 6.6M20 4v7h-7',
  pencil: 'M4 20h4L19 9l-4-4L4 16Zm9.5-13.5 4 4',
  outside: 'M14 4h6v6m0-6-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
  back: 'M19 12H5m6-6-6 6 6 6',
  picture: 'M4 5h16v14H4Zm0 11 5-5 4 4 2.5-2.5L20 17M15.5 9.5h.01',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 8c0-3 2.9-4.8 6.5-4.8s6.5 1.8 6.5 4.8M16 4.3a3.5 3.5 0 0 1 0 6.4m2.5 3.9c1.9.8 3 2.3 3 4.4',
} as const

export const Icon = ({ name, size = 18 }: { readonly name: keyof typeof drawings; readonly size?: number }) => (
  <svg
    aria-hidden="true"
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={drawings[name]} />
  </svg>
)

/** The product's mark: somebody in the spotlight. */
export const Mark = () => (
  <svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28">
    <rect width="32" height="32" rx="8" fill="var(--accent-9)" />
    <path d="M16 4 26 26H6Z" fill="#fff" fillOpacity=".28" />
    <ellipse cx="16" cy="26" rx="10" ry="2.6" fill="#fff" fillOpacity=".45" />
    <circle cx="16" cy="15" r="3.4" fill="#fff" />
    <path d="M10.5 26c0-4 2.4-6.6 5.5-6.6s5.5 2.6 5.5 6.6Z" fill="#fff" />
  </svg>
)
