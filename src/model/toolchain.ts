/** What the releases are built with; part of the manifest and of cache keys (H12, H62). */
export interface Toolchain {
  /** OTP release, e.g. `27`. */
  readonly otpRelease: string;
  /** Exact OTP version, e.g. `27.3.4.1`. */
  readonly otpVersion: string;
  /** ERTS version, e.g. `15.2.7`. */
  readonly erts: string;
  /** As OTP names it, e.g. `x86_64-pc-linux-gnu`. */
  readonly architecture: string;
  /** rebar3 version, e.g. `3.24.0`. */
  readonly rebar3: string;
  /** C library, e.g. `glibc 2.39` or `musl`. */
  readonly libc: string;
}
