import type { ImageConfig, Manifest } from '#lib/oci/manifest'
import type { ConfigProperty } from '#lib/tenants/config-property'
import type { JarFacts } from '#lib/tenants/jar-facts'

/** What an image is built on: its manifest and configuration, read; all its blobs are in the store. */
export interface BaseImage {
  /** As it was configured. */
  reference: string
  /** Of the manifest for linux/amd64, never of an index. */
  digest: string
  manifest: Manifest
  config: ImageConfig
}

export interface FetchedImage {
  /** The exact bytes of the image manifest for linux/amd64. */
  manifest: Uint8Array
  mediaType: string
}

/** A layer of an image, lowest first. */
export interface LayerView {
  name: string
  digest: string
  /** sha256 of the uncompressed tar. */
  diffId: string
  sizeBytes: number
  mediaType: string
  /** Files of the JAR in it; 0 for a layer of the base, which is not opened. */
  entries: number
  isFromBase: boolean
  /** What it was made of in a Spring Boot JAR, as `sha256:<hex>`; a layer of which this is the same is the same. */
  source?: string
}

export interface JarInspection {
  facts: JarFacts
  /** What the JAR says about its own configuration; empty for one without Spring's metadata. */
  configProperties: ConfigProperty[]
}

export interface BuiltImage {
  /** The exact bytes; `digest` is their sha256. */
  manifest: Uint8Array
  mediaType: string
  digest: string
  config: { digest: string; sizeBytes: number }
  layers: LayerView[]
  /** Of manifest, configuration and layers together. */
  sizeBytes: number
}
