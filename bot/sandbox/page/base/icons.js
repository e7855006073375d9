/** The page's icons: 24 × 24 line drawings, hidden from screen readers (their buttons carry the name). */

const STROKES = {
  arrow: "M12 5v14M6 13l6 6 6-6",
  backstage: "M4 5h16v14H4zM14 5v14M7 9h4M7 12.5h4",
  bell: "M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15zM10 20.5h4",
  bot: "M6 9h12v9H6zM12 9V5.5M9.5 13v1M14.5 13v1M3.5 12v3M20.5 12v3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  chevron: "M7 10l5 5 5-5",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 2",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4",
  forum: "M4 5h16v11h-8l-4 4v-4H4zM8 9h8M8 12h5",
  hash: "M9.5 4l-2 16M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  help: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM9.8 9.8a2.3 2.3 0 1 1 3.4 2c-.8.5-1.2 1-1.2 1.9M12 16.4v.1",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 8.8v.1",
  join: "M5 19v-5a4 4 0 0 1 4-4h10M15 6l4 4-4 4",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1.2 1.2M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1.2-1.2",
  megaphone: "M4 10v4l3 .5L8 19h3l-.7-4L19 18V6l-9 3.5z",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  open: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
  pause: "M9 6v12M15 6v12",
  pencil: "M5 19l1-4.5L16 4.5l3.5 3.5L9.5 18z",
  people:
    "M9 5.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3.5 19a5.5 5.5 0 0 1 11 0M15.5 6a3 3 0 0 1 0 5.3M17.5 14a5.5 5.5 0 0 1 3 5",
  play: "M8 5.5l10 6.5-10 6.5z",
  plus: "M12 5v14M5 12h14",
  reply: "M10 7L5 12l5 5M5 12h8a6 6 0 0 1 6 6",
  role: "M12 3.5l7 3v5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9v-5z",
  screen: "M3.5 5h17v11h-17zM9 20h6M12 16v4",
  search: "M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l5 5",
  send: "M4.5 12L3.5 4.5 21 12 3.5 19.5 4.5 12zM4.5 12H12",
  slash: "M5 4h14v16H5zM14 8l-4 8",
  speaker: "M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  thread: "M5 5h14M5 10h14M5 15h7M15 15v5l4-2.5z",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  warning: "M12 4L2.5 20h19zM12 10v4.5M12 17v.1",
};

/** @param {keyof typeof STROKES} name @param {number} [size] */
export function icon(name, size = 20) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    class: "icon",
    "aria-hidden": "true",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": name === "more" ? 3 : 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}
