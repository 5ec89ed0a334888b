import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { createWebhookInput, listDeliveriesInput, oneWebhookInput, replayInput, updateWebhookInput } from '#lib/notifications/webhook'

export const webhookRoutes = {
  'GET /api/v1/tenants/{tenant}/webhooks': {
    permission: 'settings.read',
    summary: 'Where events of the tenant go, and which topics there are',
    input: z.strictObject({}),
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/webhooks': {
    permission: 'webhook.manage',
    summary: 'Send events to an address; answers the secret that signs them, this once',
    input: createWebhookInput,
    status: 201,
  },
  'PATCH /api/v1/tenants/{tenant}/webhooks/{webhook}': {
    permission: 'webhook.manage',
    summary: 'Another name, address or choice of topics; what is left out stays, and the secret too',
    input: updateWebhookInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/webhooks/{webhook}/pauses': {
    permission: 'webhook.manage',
    summary: 'Send nothing there until it is switched on again; what waits is kept',
    input: oneWebhookInput,
    status: 201,
  },
  'DELETE /api/v1/tenants/{tenant}/webhooks/{webhook}': {
    permission: 'webhook.manage',
    summary: 'Send nothing there any more',
    input: oneWebhookInput,
    status: 204,
  },
  'POST /api/v1/tenants/{tenant}/webhooks/{webhook}/rotations': {
    permission: 'webhook.manage',
    summary: 'A new secret; the one before signs too for a day',
    input: oneWebhookInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/webhooks/{webhook}/tests': {
    permission: 'webhook.manage',
    summary: 'Send a test there',
    input: oneWebhookInput,
    status: 202,
  },
  'POST /api/v1/tenants/{tenant}/webhooks/{webhook}/resumptions': {
    permission: 'webhook.manage',
    summary: 'Switch a webhook on again that was paused, or failed for too long',
    input: oneWebhookInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/webhooks/{webhook}/deliveries': {
    permission: 'settings.read',
    summary: 'What went there, newest first, with every attempt',
    input: listDeliveriesInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/webhooks/{webhook}/deliveries/{delivery}/replays': {
    permission: 'webhook.manage',
    summary: 'Send a delivery once more, with the same id',
    input: replayInput,
    status: 202,
  },
} as const satisfies RouteTable
