/** An error by which AWS says one of these things: `error.name` is the exception's own. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/**
 * That whoever asks may not. What EC2 refuses comes by Cloud Control as a fault without a name, and
 * only its words tell.
 */
export const isDenied = (error: unknown): boolean =>
  isNamed(error, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation") ||
  (isNamed(error, "GeneralServiceException") &&
    /not authorized|Status Code: 403/.test((error as Error).message));

/** What a call answers, or undefined if AWS says one of these things instead. */
export async function unless<T>(
  answer: Promise<T>,
  says: (error: unknown) => boolean,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (says(error)) return undefined;
    throw error;
  }
}

export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly next: string | undefined;
}

/**
 * More pages than anything of ours has, as are the parameters of ten thousand environments, ten to a
 * page: an endless list is a fault, not a result.
 */
const mostPages = 10_000;

/** Every item of a list that AWS hands out in pages. */
export async function everyItem<T>(
  page: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const { items = [], next } = await page(token);
    found.push(...items);
    if (next === undefined || next === "") return found;
    token = next;
  }
  throw new Error(`A list had more than ${mostPages} pages.`);
}
