-- An empty list and no list would be two ways to say the same, and only one of them can be read: there is always a list.
UPDATE "membership" SET "roles" = coalesce("roles", '{}'), "environment_ids" = coalesce("environment_ids", '{}');
UPDATE "invitation" SET "roles" = coalesce("roles", '{}');
UPDATE "api_token" SET "verbs" = coalesce("verbs", '{}');
UPDATE "environment" SET "upstream_ids" = coalesce("upstream_ids", '{}');

ALTER TABLE "membership" ALTER COLUMN "roles" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "roles" SET NOT NULL;
ALTER TABLE "membership" ALTER COLUMN "environment_ids" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "environment_ids" SET NOT NULL;
ALTER TABLE "invitation" ALTER COLUMN "roles" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "roles" SET NOT NULL;
ALTER TABLE "api_token" ALTER COLUMN "verbs" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "verbs" SET NOT NULL;
ALTER TABLE "environment" ALTER COLUMN "upstream_ids" SET DEFAULT ARRAY[]::TEXT[], ALTER COLUMN "upstream_ids" SET NOT NULL;
