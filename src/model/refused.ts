/** What somebody may not look at, as whoever refused it says. */
export interface Refused {
  readonly refused: string;
}

export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === "object" && answer !== null && "refused" in answer;
