/** Every text of a history, its payloads decoded. */
export const readable = (history: string): string =>
  history.replaceAll(/"data": ?"([A-Za-z0-9+/=]+)"/g, (_whole, data: string) => Buffer.from(data, 'base64').toString())

/** Paths, processes and hosts of the machine; ids of the platforms. */
export const telling: readonly RegExp[] = [
  /\d@/,
  /\/(?:home|Users|root|work|tmp|private|usr|var|opt)\//,
  /node_modules|file:\/\/|stackTrace/,
  /\b[TCUD]0[A-Z]{2,}\b|\b\d{10}\.\d{6}\b|(?<![.\d])\d{18,19}\b/,
]
