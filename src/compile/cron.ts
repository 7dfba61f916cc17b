/**
 * Whether AWS takes a text for a time that comes again: six fields, of which the day of the month
 * or that of the week is a question mark (docs: "Cron expressions reference" of EventBridge).
 */
export const isCron = (text: string): boolean =>
  /^cron\(\S+ +\S+ +(?:\? +\S+ +\S+|\S+ +\S+ +\?) +\S+\)$/.test(text);
