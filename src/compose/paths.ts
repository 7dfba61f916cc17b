// File paths as text: the core reads no file system, so it needs no more than this of one.

/** `a/./b//../c` as `a/c`; the empty path is the current directory. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push("..");
  }
  return (rooted ? "/" : "") + parts.join("/");
}

/** `path`, made one of `directory` unless it is absolute; `.` for the current directory. */
export const joinPath = (directory: string, path: string): string =>
  cleanPath(isAbsolute(path) || directory === "" ? path : `${directory}/${path}`) || ".";

export const isAbsolute = (path: string): boolean => path.startsWith("/");

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash) || "/";
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A drive or a share of Windows, which no other system resolves. */
export const isWindowsPath = (path: string): boolean => /^(?:[a-zA-Z]:[\\/]|\\\\)/.test(path);
