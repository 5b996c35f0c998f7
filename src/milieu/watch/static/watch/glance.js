/**
 * Two weeks of one person, every stream under the same axis of time, drawn with uPlot. The table on
 * the same page says all of it without script; here the arrow keys and a finger go along time.
 */

import uPlot from "../vendor/uplot/uPlot.esm.js"

const HIGH = 96
const HIGH_LAST = 132 // with the axis of time
const SYNC = "glance"

const given = JSON.parse(document.getElementById("charts").textContent)
const place = document.getElementById("glance")
const said = document.getElementById("glance-said")

// A token may hold a function that a canvas cannot read: let the browser work it out.
const probe = place.appendChild(document.createElement("i"))
const color = (name) => {
  probe.style.color = `var(${name})`
  return getComputedStyle(probe).color
}

const when = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone: given.zone,
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
})

const data = ({ values }) => [
  values.map(({ at }) => at),
  values.map(({ low }) => low),
  values.map(({ high }) => high),
  values.map(({ value }) => value), // last, so that it lies over the band
]

// Events as dashed lines over the whole height, notices as solid ones; where nothing could be had, a cross.
function marks(chart, stream) {
  const { ctx, bbox } = chart
  const line = (at, dash) => {
    const x = chart.valToPos(at, "x", true)
    ctx.setLineDash(dash)
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.save()
  ctx.strokeStyle = SOFT
  ctx.lineWidth = devicePixelRatio
  for (const { at } of given.events) line(at, [4, 4])
  ctx.strokeStyle = INK
  ctx.lineWidth = 2 * devicePixelRatio
  for (const { at, streams } of given.notices) if (streams.includes(stream.code)) line(at, [])
  ctx.fillStyle = INK
  ctx.font = `${12 * devicePixelRatio}px sans-serif`
  for (const { at, value } of stream.values)
    if (value === null) ctx.fillText("×", chart.valToPos(at, "x", true) - 4, bbox.top + bbox.height - 3)
  ctx.restore()
}

function chart(stream, isLast) {
  const figure = document.createElement("div")
  const title = document.createElement("p")
  title.className = "glance-title"
  title.textContent = stream.title
  figure.append(title)
  place.append(figure)
  const axis = { stroke: INK, font: "12px sans-serif", grid: { stroke: LINE, width: 1 } }
  return new uPlot(
    {
      width: place.clientWidth,
      height: isLast ? HIGH_LAST : HIGH,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), given.zone),
      legend: { show: false },
      cursor: { sync: { key: SYNC }, y: false, drag: { x: false, y: false } },
      scales: { x: { min: given.from, max: given.until } },
      axes: [{ ...axis, show: isLast }, { ...axis, size: 56, ticks: { show: false } }],
      bands: [{ series: [2, 1], fill: BAND }],
      series: [
        {},
        { stroke: LINE, width: 1, points: { show: false } },
        { stroke: LINE, width: 1, points: { show: false } },
        { stroke: INK, width: 1.5, spanGaps: true, points: { show: true, size: 5, fill: INK } },
      ],
      hooks: { draw: [(self) => marks(self, stream)] },
    },
    data(stream),
    figure,
  )
}

const INK = color("--ink")
const SOFT = color("--soft")
const LINE = color("--line")
const BAND = color("--hatch")

const charts = given.streams.map((stream, number) => chart(stream, number === given.streams.length - 1))
const times = [...new Set(given.streams.flatMap(({ values }) => values.map(({ at }) => at)))].toSorted(
  (a, b) => a - b,
)
let at = times.length - 1

/** Say what was seen at the chosen time, of every stream that has something then. */
function tell() {
  const time = times[at]
  const near = given.streams
    .map((stream) => [stream, stream.values.find((each) => each.at === time)])
    .filter(([, found]) => found)
    .map(([{ title }, { words, value }]) => `${title}: ${value === null ? place.dataset.none : words}`)
  said.textContent = `${when.format(time * 1000)} · ${near.join(" · ")}`
  for (const each of charts) each.setCursor({ left: each.valToPos(time, "x"), top: 10 }, false)
}

place.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key]
  if (step === undefined) return
  event.preventDefault()
  at = Math.min(Math.max(at + step, 0), times.length - 1)
  tell()
})
place.addEventListener("pointerdown", (event) => {
  const { left } = charts[0].over.getBoundingClientRect()
  const time = charts[0].posToVal(event.clientX - left, "x")
  at = times.reduce((best, each, index) => (Math.abs(each - time) < Math.abs(times[best] - time) ? index : best), 0)
  tell()
})
addEventListener("resize", () => {
  charts.forEach((each, number) =>
    each.setSize({ width: place.clientWidth, height: number === charts.length - 1 ? HIGH_LAST : HIGH }),
  )
})
probe.remove()
place.dataset.drawn = String(charts.length)
