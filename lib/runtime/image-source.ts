/** Where a driver gets images from, when it has to fetch them itself. */
export interface ImageSource {
  /** The exact bytes of a manifest. `not_found` when the registry does not have it. */
  manifest(image: { tenantId: string; repository: string; digest: string }): Promise<Uint8Array>
  /** A file with the bytes of a blob, verified against the digest. */
  blobPath(digest: string): Promise<string>
}
