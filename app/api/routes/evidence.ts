import type { RouteTable } from '#app/api/route-spec'
import {
  attachFileInput,
  attachStatementInput,
  checklistInput,
  listChecklistsInput,
  oneEvidenceInput,
  signChecklistInput,
  signOffTextInput,
} from '#lib/evidence/checklist-view'

export const evidenceRoutes = {
  'GET /api/v1/tenants/{tenant}/checklists': {
    permission: 'tenant.read',
    summary: 'Checklists of what runs, and of other releases that something is known about',
    input: listChecklistsInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}': {
    permission: 'tenant.read',
    summary: 'The checklist of a release in an environment: items, evidence, sign-off, and what you may do',
    input: checklistInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/statements': {
    permission: 'evidence.attach',
    summary: 'Attach evidence in words',
    input: attachStatementInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/files': {
    permission: 'evidence.attach',
    summary: 'Attach a file as evidence (the body is its bytes); it becomes a referrer of the image',
    input: attachFileInput,
    status: 201,
    servedBy: 'http',
  },
  'GET /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/sign-off-text': {
    permission: 'tenant.read',
    summary: 'The exact text that you would sign; nothing is written',
    input: signOffTextInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/sign-offs': {
    permission: 'checklist.sign',
    summary: 'Sign the text with this digest, with a password typed within the last five minutes',
    input: signChecklistInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/evidence/{evidence}/content': {
    permission: 'tenant.read',
    summary: 'The content of a row of evidence, as it was recorded',
    input: oneEvidenceInput,
    status: 200,
  },
} as const satisfies RouteTable
