import type { PublishedSource } from './release.js';

/** A tag that was looked at, and why it was taken as the up-from release or not. */
export interface Candidate {
  readonly tag: string;
  readonly commit: string;
  /** Release version in the tag; absent when the tag is not a release tag. */
  readonly version?: string;
  readonly taken: boolean;
  /** Completes the sentence "taken/dropped: …". */
  readonly why: string;
}

/** One release to upgrade from. */
export type UpFromChoice =
  | {
      readonly kind: 'ref';
      readonly ref: string;
      readonly commit: string;
      /** Whether the package of its GitHub release is taken instead, if there is one or else not at all; absent: it is built. */
      readonly published?: 'preferred' | 'required';
      /** It runs somewhere: a package that was made of another commit is another release. */
      readonly deployed?: true;
    }
  /** `path` is absolute, and a file. */
  | { readonly kind: 'tarball'; readonly path: string; readonly published?: PublishedSource };

/** Which release is made, and which ones are upgraded from. */
export interface Refs {
  /** The release tag, else another name of the new commit: tag, branch or short commit. For people. */
  readonly newRef: string;
  /** The checked-out commit. */
  readonly newCommit: string;
  /** The release tag on it: the pushed one if any, otherwise the one with the highest version. */
  readonly newTag?: string;
  /** Whether that is a pre-release. */
  readonly preRelease?: true;
  readonly upFrom: readonly UpFromChoice[];
  /** All tags, and why each was taken or not; empty with `none`. */
  readonly candidates: readonly Candidate[];
  /** Why these up-from releases, in one or two sentences. */
  readonly reason: string;
  /** Warnings. */
  readonly notes: readonly string[];
}
