/** What a verb has of the process it runs in. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output: the verb's product and nothing else. One call, one line or document. */
  out(text: string): void;
  /** Standard error: progress, warnings, errors. */
  err(text: string): void;
  readonly color: boolean;
  /** What a person types after a question; undefined: nobody is there to be asked. */
  readonly ask?: (question: string) => Promise<string>;
}

/** One word of the command line. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Answers the exit status: 0 done, 1 differences or not ready, 2 wrong, 3 held, 4 timed out. */
  run(args: readonly string[], io: Io): Promise<ExitStatus>;
}

export type ExitStatus = 0 | 1 | 2 | 3 | 4;
