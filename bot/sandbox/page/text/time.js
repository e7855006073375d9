/** Times as the person reads them: their own zone, their own language. */

/** @type {Intl.DateTimeFormatOptions} a date in digits, with all four of its year */
const DIGITS = { year: "numeric", month: "numeric", day: "numeric" };
/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: DIGITS,
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { ...DIGITS, hour: "numeric", minute: "2-digit" },
  S: { ...DIGITS, hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/**
 * A moment in one of Discord's styles (`<t:…:F>`), `R` being relative to `now`.
 *
 * @param {number} milliseconds
 * @param {string} style
 * @param {number} now
 */
export function stamp(milliseconds, style, now) {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return "Invalid date";
  if (style === "R") return relative(milliseconds - now);
  return new Intl.DateTimeFormat(undefined, STYLES[style] ?? STYLES.f).format(date);
}

/**
 * When a message was written: "Today at 19:30", "Yesterday at …", a date before that.
 *
 * @param {number} milliseconds
 * @param {number} now
 */
export function written(milliseconds, now) {
  const days = Math.round((midnight(now) - midnight(milliseconds)) / 86_400_000);
  const time = stamp(milliseconds, "t", now);
  if (days === 0) return `Today at ${time}`;
  if (days === 1) return `Yesterday at ${time}`;
  if (days === -1) return `Tomorrow at ${time}`;
  return stamp(milliseconds, "s", now);
}

/** Whether two moments fall on the same day here. @param {number} one @param {number} other */
export function sameDay(one, other) {
  return midnight(one) === midnight(other);
}

/** @param {number} milliseconds */
function midnight(milliseconds) {
  return new Date(milliseconds).setHours(0, 0, 0, 0);
}

/** @param {number} difference  in milliseconds */
function relative(difference) {
  const seconds = Math.trunc(difference / 1000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(
    Math.trunc(seconds / size),
    unit,
  );
}
