import type * as PlotModule from '@observablehq/plot'
import { useEffect, useRef, useState } from 'react'

export type Plot = typeof PlotModule

/** The width of an element in CSS pixels, followed as it changes; 0 until it is known. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element.current) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return { element, width }
}

/** Plot is loaded with the first figure: pages without one do without it. */
function usePlot() {
  const [plot, setPlot] = useState<Plot>()
  useEffect(() => {
    void import('@observablehq/plot').then((loaded) => setPlot(loaded))
  }, [])
  return plot
}

/**
 * A figure of Observable Plot, as wide as its place and `height` pixels high; `draw` is a function of a module.
 * `label` says the same in words: the drawing itself is one image for screen readers.
 */
export function PlotFigure<T>({
  label,
  height,
  data,
  draw,
}: {
  readonly label: string
  readonly height: number
  readonly data: T
  readonly draw: (plot: Plot, width: number, data: T) => Element
}) {
  const { element, width } = useWidth()
  const plot = usePlot()
  useEffect(() => {
    if (plot && width > 0) element.current?.replaceChildren(draw(plot, width, data))
  }, [data, draw, element, plot, width])
  return <div ref={element} role="img" aria-label={label} className="plot" style={{ height }} />
}
