declare module 'unzip-stream' {
  import type { PassThrough, Transform } from 'node:stream';

  /** A member of a zip; it must be read to its end before the next one comes. */
  export interface Entry extends PassThrough {
    readonly path: string;
    readonly type: 'File' | 'Directory';
  }

  // CommonJS: the bundle knows its exports as one object only
  const exported: {
    /** Takes a zip, emits an `entry` for each member. */
    Parse(): Transform;
  };
  export default exported;
}
