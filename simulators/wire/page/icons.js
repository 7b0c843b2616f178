/* global document */

/** Strokes of a 24 × 24 drawing; drawn here, so that the pages look alike whatever fonts there are. */
const strokes = {
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  clip: 'M19 11.5l-7.5 7.5a4.6 4.6 0 0 1-6.5-6.5L13 4.5a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1l6.6-6.6',
  reply: 'M4 5h16v11h-9l-4 4v-4H4z',
  robot: 'M5 9h14v10H5zM12 9V5M12 4.5v.01M9 13.5v.01M15 13.5v.01M3 12.5v3M21 12.5v3M9.5 16.5h5',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M5.6 12h.8M11.6 12h.8M17.6 12h.8',
  menu: 'M4 7h16M4 12h16M4 17h16',
  eye: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 12v.01',
  send: 'M4 5l17 7-17 7 3-7zM7 12h8',
  hash: 'M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16',
  back: 'M11 5l-7 7 7 7M4 12h16',
}

/** @param {keyof typeof strokes} name */
export function icon(name) {
  const make = (/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    return element
  }
  const drawing = make('svg', { viewBox: '0 0 24 24', class: 'drawing', 'aria-hidden': 'true' })
  drawing.append(make('path', { d: strokes[name] }))
  return drawing
}

/** Draws the icons that the page's markup asks for with `data-icon`. */
export function drawIcons() {
  for (const place of document.querySelectorAll('[data-icon]'))
    place.replaceChildren(icon(/** @type {keyof typeof strokes} */ (place.getAttribute('data-icon'))))
}
