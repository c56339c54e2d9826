/** The body of an `application/problem+json` answer (RFC 9457) with our stable `code`. */
export interface Problem {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  [extra: string]: unknown
}

/**
 * Why a call to the server did not succeed.
 *
 * `status` is 0 and `code` is `unreachable` when no answer came at all; only then
 * is it unknown whether the server acted.
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? code)
    this.name = 'ApiError'
  }

  /** Whether the same request with the same key may simply be sent again. */
  get answered(): boolean {
    return this.status !== 0
  }

  /** The field that the server found at fault, if it named one. */
  get field(): string | null {
    return typeof this.problem.field === 'string' ? this.problem.field : null
  }
}

/** Reads an answer that is not 2xx. A body that is no problem document keeps only its status. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '')
  let problem: Problem = {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) problem = parsed as Problem
  } catch {
    // A proxy's HTML page or an empty body says nothing that we could show.
  }
  return new ApiError(response.status, problem.code ?? `http-${response.status}`, problem)
}

/** Any thrown thing as an `ApiError`, so that pages handle one kind. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new ApiError(0, 'unreachable', { detail })
}
