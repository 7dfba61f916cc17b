import { accepted } from "./accepted.ts";

const begin = /<!-- printed from .*-->\n/;
const end = "<!-- end -->";

/** A page with the table of accepted differences printed between its marks. */
export function printedOn(page: string): string {
  const [head = "", rest] = page.split(begin);
  const [mark] = begin.exec(page) ?? [];
  if (mark === undefined || rest === undefined) throw new Error("The page has no place to print.");
  return `${head}${mark}${table()}${rest.slice(rest.indexOf(end))}`;
}

const table = (): string =>
  ["| difference | why |", "| --- | --- |", ...accepted.map(row)]
    .map((line) => `${line}\n`)
    .join("");

const row = ({ lines, reason }: (typeof accepted)[number]): string =>
  `| ${lines.map((line) => `\`${line}\``).join("<br>")} | ${reason} |`;
