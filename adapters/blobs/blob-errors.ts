import { UnderstudyError } from '../../domain/errors.ts'

/** Thrown when bytes that a record names are not in the store; a restored backup or a mounted disk may bring them back. */
export class BlobMissing extends UnderstudyError {
  readonly code = 'BlobMissing'
  readonly retryable = true
  readonly sha256: string
  constructor(sha256: string, options?: ErrorOptions) {
    super(`the blob ${sha256} is missing`, options)
    this.sha256 = sha256
  }
}

/** Thrown when stored bytes no longer have the digest they were put under; putting or restoring them again mends it. */
export class BlobDamaged extends UnderstudyError {
  readonly code = 'BlobDamaged'
  readonly retryable = true
  readonly sha256: string
  constructor(sha256: string, options?: ErrorOptions) {
    super(`the blob ${sha256} is damaged`, options)
    this.sha256 = sha256
  }
}
