-- The tables of prisma/schema.prisma, as the schema engine writes them (scripts/new-migration.ts).

CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "is_platform_admin" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "credential" (
    "user_id" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("user_id")
);

CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "authenticated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT NOT NULL DEFAULT '',
    "address" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sign_in_throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "window_start" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_throttle_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "platform_setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "platform_setting_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "tenant" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "suspended_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "roles" TEXT[],
    "environment_ids" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "roles" TEXT[],
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by" TEXT,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_token" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "verbs" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "environment" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "is_protected" BOOLEAN NOT NULL DEFAULT false,
    "is_custom" BOOLEAN NOT NULL DEFAULT false,
    "upstream_ids" TEXT[],
    "runtime_kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "environment_policy" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "environment_policy_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "application" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "application_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "component" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "spec" TEXT NOT NULL,

    CONSTRAINT "component_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "artifact" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "file_name" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "uploaded_by" TEXT NOT NULL,

    CONSTRAINT "artifact_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "image" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "artifact_id" TEXT,
    "repository" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "base_reference" TEXT NOT NULL,
    "base_digest" TEXT NOT NULL,
    "builder_version" TEXT NOT NULL,
    "layers" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "build_count" INTEGER NOT NULL DEFAULT 1,
    "build_ms" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "image_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "release" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "commit" TEXT NOT NULL DEFAULT '',
    "notes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "release_component" (
    "release_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "component" TEXT NOT NULL,
    "image_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "spec" TEXT NOT NULL,

    CONSTRAINT "release_component_pkey" PRIMARY KEY ("release_id","component")
);

CREATE TABLE "config_revision" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "config_revision_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "promotion" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "release_id" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "plan_digest" TEXT NOT NULL,
    "gates" TEXT NOT NULL DEFAULT '[]',
    "gates_at" TIMESTAMPTZ(3),
    "moved" TEXT NOT NULL DEFAULT '[]',
    "reason" TEXT NOT NULL DEFAULT '',
    "incident" TEXT NOT NULL DEFAULT '',
    "parameters" TEXT NOT NULL DEFAULT '{}',
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_by" TEXT NOT NULL,
    "requester_kind" TEXT NOT NULL DEFAULT 'person',
    "settled_at" TIMESTAMPTZ(3),
    "outcome" TEXT NOT NULL DEFAULT '',
    "superseded_by_id" TEXT,
    "retry_of_id" TEXT,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "approval" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "plan_digest" TEXT NOT NULL,
    "approver_id" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "meaning" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "authenticated_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "waiver" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "gate" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "granted_by" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,

    CONSTRAINT "waiver_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "freeze" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "environment_id" TEXT,
    "application_id" TEXT,
    "reason" TEXT NOT NULL,
    "incident" TEXT NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,

    CONSTRAINT "freeze_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "rollout" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "failed_phase" TEXT,
    "reason" TEXT NOT NULL DEFAULT '',
    "message" TEXT NOT NULL DEFAULT '',
    "verification" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "fencing_token" BIGINT NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "resume_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "cancelled_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "applied_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "rollout_step" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "rollout_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "wave" INTEGER NOT NULL,
    "component" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "replica_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL DEFAULT '',
    "intent_at" TIMESTAMPTZ(3),
    "effect_at" TIMESTAMPTZ(3),
    "observed_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'planned',
    "detail" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "rollout_step_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "deployment" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "promotion_id" TEXT NOT NULL,
    "release_id" TEXT NOT NULL,
    "config_revision" INTEGER NOT NULL,
    "config_hash" TEXT NOT NULL,
    "desired" TEXT NOT NULL,
    "replicas" INTEGER NOT NULL,
    "is_stopped" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'unknown',
    "state_reason" TEXT NOT NULL DEFAULT 'not_observed',
    "is_mixed" BOOLEAN NOT NULL DEFAULT false,
    "ready_replicas" INTEGER NOT NULL DEFAULT 0,
    "observed_at" TIMESTAMPTZ(3),
    "ready_since" TIMESTAMPTZ(3),
    "deployed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "replica" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "component" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "config_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "address" TEXT NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ(3),
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "gateway_route" (
    "tenant_id" TEXT NOT NULL,
    "environment_id" TEXT NOT NULL,
    "application_id" TEXT NOT NULL,
    "port" INTEGER NOT NULL,

    CONSTRAINT "gateway_route_pkey" PRIMARY KEY ("environment_id","application_id")
);

CREATE TABLE "live_event" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "live_event_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "repository" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "repository_blob" (
    "tenant_id" TEXT NOT NULL,
    "repository_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repository_blob_pkey" PRIMARY KEY ("repository_id","digest")
);

CREATE TABLE "manifest" (
    "tenant_id" TEXT NOT NULL,
    "repository_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "artifact_type" TEXT NOT NULL DEFAULT '',
    "subject_digest" TEXT,
    "annotations" TEXT NOT NULL DEFAULT '{}',
    "content" BYTEA NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "pushed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "pushed_by" TEXT NOT NULL,

    CONSTRAINT "manifest_pkey" PRIMARY KEY ("repository_id","digest")
);

CREATE TABLE "tag" (
    "tenant_id" TEXT NOT NULL,
    "repository_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("repository_id","name")
);

CREATE TABLE "blob_upload" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "repository_id" TEXT NOT NULL,
    "offset_bytes" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_by" TEXT NOT NULL,

    CONSTRAINT "blob_upload_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "log" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "hmac" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_chain" (
    "log" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("log","seq")
);

CREATE TABLE "audit_node" (
    "log" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_node_pkey" PRIMARY KEY ("log","level","index")
);

CREATE TABLE "audit_checkpoint" (
    "log" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "root" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("log","size")
);

CREATE TABLE "audit_log_state" (
    "log" TEXT NOT NULL,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "fencing_token" BIGINT NOT NULL DEFAULT 0,
    "swept_at" TIMESTAMPTZ(3),
    "swept_size" BIGINT NOT NULL DEFAULT 0,
    "findings" TEXT NOT NULL DEFAULT '[]',

    CONSTRAINT "audit_log_state_pkey" PRIMARY KEY ("log")
);

CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

CREATE INDEX "session_user_id_idx" ON "session"("user_id");

CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

CREATE UNIQUE INDEX "membership_tenant_id_user_id_key" ON "membership"("tenant_id", "user_id");

CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

CREATE INDEX "invitation_tenant_id_idx" ON "invitation"("tenant_id");

CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

CREATE INDEX "api_token_tenant_id_idx" ON "api_token"("tenant_id");

CREATE UNIQUE INDEX "environment_tenant_id_slug_key" ON "environment"("tenant_id", "slug");

CREATE INDEX "environment_policy_tenant_id_idx" ON "environment_policy"("tenant_id");

CREATE UNIQUE INDEX "environment_policy_environment_id_version_key" ON "environment_policy"("environment_id", "version");

CREATE UNIQUE INDEX "application_tenant_id_slug_key" ON "application"("tenant_id", "slug");

CREATE INDEX "component_tenant_id_idx" ON "component"("tenant_id");

CREATE UNIQUE INDEX "component_application_id_name_key" ON "component"("application_id", "name");

CREATE UNIQUE INDEX "artifact_tenant_id_digest_key" ON "artifact"("tenant_id", "digest");

CREATE INDEX "image_tenant_id_digest_idx" ON "image"("tenant_id", "digest");

CREATE UNIQUE INDEX "image_tenant_id_repository_artifact_id_base_digest_builder__key" ON "image"("tenant_id", "repository", "artifact_id", "base_digest", "builder_version");

CREATE INDEX "release_tenant_id_idx" ON "release"("tenant_id");

CREATE UNIQUE INDEX "release_application_id_name_key" ON "release"("application_id", "name");

CREATE UNIQUE INDEX "release_application_id_sequence_key" ON "release"("application_id", "sequence");

CREATE INDEX "release_component_tenant_id_digest_idx" ON "release_component"("tenant_id", "digest");

CREATE INDEX "config_revision_tenant_id_idx" ON "config_revision"("tenant_id");

CREATE UNIQUE INDEX "config_revision_environment_id_application_id_number_key" ON "config_revision"("environment_id", "application_id", "number");

CREATE INDEX "promotion_tenant_id_environment_id_application_id_idx" ON "promotion"("tenant_id", "environment_id", "application_id");

CREATE INDEX "promotion_tenant_id_state_idx" ON "promotion"("tenant_id", "state");

CREATE INDEX "approval_promotion_id_idx" ON "approval"("promotion_id");

CREATE INDEX "approval_tenant_id_idx" ON "approval"("tenant_id");

CREATE INDEX "waiver_tenant_id_environment_id_application_id_idx" ON "waiver"("tenant_id", "environment_id", "application_id");

CREATE INDEX "freeze_tenant_id_idx" ON "freeze"("tenant_id");

CREATE UNIQUE INDEX "rollout_promotion_id_key" ON "rollout"("promotion_id");

CREATE INDEX "rollout_tenant_id_idx" ON "rollout"("tenant_id");

CREATE INDEX "rollout_step_tenant_id_idx" ON "rollout_step"("tenant_id");

CREATE UNIQUE INDEX "rollout_step_rollout_id_ordinal_key" ON "rollout_step"("rollout_id", "ordinal");

CREATE INDEX "deployment_tenant_id_idx" ON "deployment"("tenant_id");

CREATE UNIQUE INDEX "deployment_environment_id_application_id_key" ON "deployment"("environment_id", "application_id");

CREATE INDEX "replica_environment_id_application_id_idx" ON "replica"("environment_id", "application_id");

CREATE INDEX "replica_tenant_id_idx" ON "replica"("tenant_id");

CREATE UNIQUE INDEX "gateway_route_port_key" ON "gateway_route"("port");

CREATE INDEX "gateway_route_tenant_id_idx" ON "gateway_route"("tenant_id");

CREATE INDEX "live_event_tenant_id_id_idx" ON "live_event"("tenant_id", "id");

CREATE UNIQUE INDEX "repository_tenant_id_name_key" ON "repository"("tenant_id", "name");

CREATE INDEX "repository_blob_tenant_id_digest_idx" ON "repository_blob"("tenant_id", "digest");

CREATE INDEX "manifest_repository_id_subject_digest_idx" ON "manifest"("repository_id", "subject_digest");

CREATE INDEX "manifest_tenant_id_digest_idx" ON "manifest"("tenant_id", "digest");

CREATE INDEX "tag_tenant_id_idx" ON "tag"("tenant_id");

CREATE INDEX "blob_upload_tenant_id_idx" ON "blob_upload"("tenant_id");

CREATE INDEX "audit_entry_log_at_idx" ON "audit_entry"("log", "at");

CREATE INDEX "audit_entry_log_actor_idx" ON "audit_entry"("log", "actor");

CREATE INDEX "audit_entry_log_action_idx" ON "audit_entry"("log", "action");

CREATE UNIQUE INDEX "audit_chain_entry_id_key" ON "audit_chain"("entry_id");

ALTER TABLE "credential" ADD CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "rollout_step" ADD CONSTRAINT "rollout_step_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
