/** When something holds, as a property says it: always, never, or times such as "22:00-06:00". */
export type Windows = 'always' | 'never' | readonly string[];

/** A time of each day, in minutes since midnight; what ends at or before its beginning goes over midnight. */
export interface DailyWindow {
  readonly begins: number;
  readonly ends: number;
}

export const DAY_MINUTES = 1440;
const DAILY = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

/** The daily windows of a property, and what else it says, such as days of the week: that stays text. */
export function readWindows(value: Windows): { daily: DailyWindow[]; others: string[] } {
  const texts = typeof value === 'string' ? [] : value;
  return { daily: texts.map(parse).filter((one) => one !== null), others: texts.filter((text) => parse(text) === null) };
}

/** The property again; nothing left is never. */
export function writeWindows(daily: readonly DailyWindow[], others: readonly string[]): Windows {
  const texts = [...daily.map((one) => `${timeText(one.begins)}-${timeText(one.ends || DAY_MINUTES)}`), ...others];
  return texts.length ? [...new Set(texts)].sort() : 'never';
}

/** "06:15" of 375 minutes. */
export function timeText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** 375 of "06:15"; null when it is no time. */
export function minutesOf(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})/.exec(text);
  const minutes = found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  return minutes >= 0 && minutes <= DAY_MINUTES ? minutes : null;
}

/** The parts of a day that a window covers, each from left to right. */
export function partsOf(window: DailyWindow): DailyWindow[] {
  if (window.begins < window.ends) return [window];
  return [
    { begins: window.begins, ends: DAY_MINUTES },
    { begins: 0, ends: window.ends },
  ].filter((part) => part.begins < part.ends);
}

function parse(text: string): DailyWindow | null {
  if (!DAILY.test(text)) return null;
  const [begins, ends] = text.split('-').map(minutesOf);
  return begins == null || ends == null ? null : { begins, ends: ends === DAY_MINUTES && begins === 0 ? DAY_MINUTES : ends % DAY_MINUTES };
}
