/** An answer other than success. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {{ headers?: Record<string, string> | undefined, errors?: readonly object[] }} options
   */
  constructor(status, message, { headers = {}, errors = [] } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.errors = errors;
  }
}

export const notFound = () => new ApiError(404, 'Not Found');
