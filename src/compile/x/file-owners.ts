import { asList, isMapping } from "../read.ts";
import type { Scope } from "../scope.ts";
import type { Member } from "../services/family.ts";

/** Whose files a container writes: its user's where that is a number, else root's. */
export function ownerOf({ service }: Pick<Member, "service">): {
  readonly uid: string;
  readonly gid: string;
} {
  const [uid = "0", gid = uid] = String(service.user ?? "0").split(":");
  return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? { uid, gid } : { uid: "0", gid: "0" };
}

/**
 * Says where the folder of a file system is made by whoever mounts it first, as its own, and another
 * user has to write there: root may, all others only by the mode.
 */
export function warnOfOwners(name: string, mode: string, { project, report }: Scope): void {
  if (/[2367]$/.test(mode)) return;
  const mounts = Object.values(project.services).flatMap((service) => {
    const { uid, gid } = ownerOf({ service });
    const all = asList(service.volumes);
    return all
      .filter(isMapping)
      .filter(({ source }) => source === name)
      .map(({ read_only }) => ({ user: `${uid}:${gid}`, writes: read_only !== true }));
  });
  const users = [...new Set(mounts.map(({ user }) => user))].sort();
  if (users.length < 2 || !mounts.some(({ user, writes }) => writes && user !== "0:0")) return;
  const message = `${name} belongs to whichever of the users ${users.join(" and ")} mounts it first, and no other but root may write to it`;
  const help =
    "Give the services one user, or x-efs: {MacroParameters: {RootDirectoryCreateMode: '0777'}}.";
  report.warn({ code: "shared-files", path: ["volumes", name], message, help });
}
