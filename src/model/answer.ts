import type { Location } from '../shared/errors.js';

/** A version that stands in a file, and that a tag will have to raise. */
export interface VersionToRaise {
  /** `the release app` or `app`. */
  readonly what: string;
  readonly version: string;
  readonly location: Location;
}

/** What a check says of a change. */
export interface Answer {
  /** Whether and how nodes can be upgraded to it, and from what. */
  readonly sentence: string;
  /** What is to be done before the tag; absent when nothing is. */
  readonly beforeTag?: string;
  /** A file of the change. */
  readonly location?: Location;
}
