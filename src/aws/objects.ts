import { everyItem } from "./answers.ts";
import type { Call } from "./call.ts";

/** The names of all objects that begin with a prefix, in order. */
export const namesBelow = (
  prefix: string,
  bucket: string,
  call: Call,
): Promise<readonly string[]> =>
  everyItem(async (token) => {
    const page = await call("s3:ListObjectsV2", {
      Bucket: bucket,
      Prefix: prefix,
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const items = page.Contents?.flatMap(({ Key }) => Key ?? []);
    return { items, next: page.NextContinuationToken };
  });
