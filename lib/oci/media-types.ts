/** Media types of the OCI image specification (media-types.md), and Docker's that clients still send. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layerTar: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

const indexes: readonly string[] = [mediaTypes.index, mediaTypes.dockerList]
const images: readonly string[] = [mediaTypes.manifest, mediaTypes.dockerManifest]

export function isIndexType(mediaType: string): boolean {
  return indexes.includes(mediaType)
}

export function isManifestType(mediaType: string): boolean {
  return indexes.includes(mediaType) || images.includes(mediaType)
}
