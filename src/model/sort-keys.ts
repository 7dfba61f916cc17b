/** Sorts in place by insertion: most objects have few keys, in order already. Whether they were. */
export function sortKeys(keys: string[]): boolean {
  let were = true;
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string;
    if ((keys[at - 1] as string) <= key) continue;
    if (keys.length > 12) {
      keys.sort();
      return false;
    }
    were = false;
    let to = at;
    for (; to > 0 && (keys[to - 1] as string) > key; to -= 1) keys[to] = keys[to - 1] as string;
    keys[to] = key;
  }
  return were;
}
