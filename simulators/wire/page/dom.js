/* global document, Node, ResizeObserver */

/** @typedef {Node | string | number | null | undefined | false} Part */
/** @typedef {Part | readonly (Part | readonly Part[])[]} Child */

/** @param {Node} parent @param {readonly Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    if (Array.isArray(child)) append(parent, child)
    else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)))
  }
}

/** @param {HTMLElement} element @param {string} name @param {unknown} value */
function set(element, name, value) {
  if (value === undefined || value === null || value === false) return
  if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value))
  else element.setAttribute(name, value === true ? '' : String(value))
}

/**
 * Makes an element. Texts become text nodes, never markup; an attribute that begins with `on` is a listener.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Readonly<Record<string, unknown>>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) set(element, key, value)
  append(element, children)
  return element
}

/**
 * The element with this id. @throws Error when the page has none, which is a fault of the page.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return /** @type {T} */ (found)
}

/** @param {Node} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.textContent = ''
  append(parent, children)
}

/** @type {WeakMap<Node, Map<string, { readonly signature: string, readonly node: HTMLElement }>>} */
const rendered = new WeakMap()

/**
 * Shows a list. What did not change keeps its element, and with it focus, open menus and the reader's place.
 * @template T
 * @param {HTMLElement} parent
 * @param {readonly T[]} items
 * @param {{ readonly key: (item: T) => string, readonly draw: (item: T) => HTMLElement, readonly signature?: (item: T) => string }} how
 */
export function showList(parent, items, { key, draw, signature = JSON.stringify }) {
  const before = rendered.get(parent)
  /** @type {Map<string, { readonly signature: string, readonly node: HTMLElement }>} */
  const after = new Map()
  for (const item of items) {
    const known = before?.get(key(item))
    const mark = signature(item)
    after.set(key(item), known?.signature === mark ? known : { signature: mark, node: draw(item) })
  }
  const nodes = [...after.values()].map(({ node }) => node)
  const kept = new Set(/** @type {Node[]} */ (nodes))
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove()
  for (const [at, node] of nodes.entries())
    if (parent.childNodes[at] !== node) parent.insertBefore(node, parent.childNodes[at] ?? null)
  rendered.set(parent, after)
}

/**
 * Keeps a scrolled list at its end for a reader who is there: when something comes, when a picture in it has loaded, when the
 * window changes.
 * @param {HTMLElement} list
 */
export function keepAtEnd(list) {
  let isAtEnd = true
  const follow = () => {
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }
  let top = 0
  list.addEventListener('scroll', () => {
    const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < 60
    // Only whoever scrolls up leaves the end: a picture may have grown below since the list was scrolled.
    if (isNear) isAtEnd = true
    else if (list.scrollTop < top) isAtEnd = false
    top = list.scrollTop
  })
  list.addEventListener('load', follow, { capture: true })
  new ResizeObserver(follow).observe(list)
  return {
    follow,
    toEnd: () => {
      isAtEnd = true
      follow()
    },
  }
}
