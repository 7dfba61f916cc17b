import type { Verified } from "../model/verification.ts";
import { inParallel } from "../parallel.ts";
import type { Verdicts } from "../ports/ports.ts";
import { artifactsIn } from "./artifacts.ts";
import type { Call } from "./call.ts";

/**
 * Verdicts under a prefix of their own in the installation's bucket, to which only the controller
 * may write. S3 lists by key: the key of the newest revision comes first. When one was given is for
 * S3's clock to say, as when people asked for something is for Parameter Store's.
 */
export function verdictsIn(bucket: string, call: Call): Verdicts {
  const artifacts = artifactsIn(bucket, call);
  return {
    async newest(application, environment) {
      const { Contents: found = [] } = await call("s3:ListObjectsV2", {
        Bucket: bucket,
        Prefix: prefixOf(application, environment),
        MaxKeys: most,
      });
      const read = await inParallel(found, 5, async ({ Key = "", LastModified }) => {
        const text = await artifacts.read(Key);
        if (text === undefined) return [];
        const verified: Verified = JSON.parse(text);
        return [{ ...verified, at: LastModified?.toISOString() ?? verified.at }];
      });
      return read.flat();
    },

    write(application, environment, verified) {
      const { revision, run, since } = verified;
      const order = String(endOfTime - Date.parse(since)).padStart(16, "0");
      const name = `${order}-${revision}-${run}.json`;
      return artifacts.put(prefixOf(application, environment) + name, JSON.stringify(verified));
    },
  };
}

const most = 50;

const endOfTime = 9_999_999_999_999;

const prefixOf = (application: string, environment: string): string =>
  `verdicts/${application}/${environment}/`;
