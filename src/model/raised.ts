/** A version that only one run sees, because what stands in the sources was not raised yet. */
export interface RaisedVersion {
  /** Of the release or the application. */
  readonly name: string;
  /** The version in the sources. */
  readonly version: string;
  /** The one that this run gave it. */
  readonly raised: string;
}

/** What a check raised in the new version. */
export interface RaisedVersions {
  readonly release?: RaisedVersion;
  readonly applications: readonly RaisedVersion[];
}
