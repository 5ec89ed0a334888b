'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Upload as UploadIcon } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useState, type FormEvent, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ApplicationChoice, newApplication } from '#components/release/application-choice'
import { guessFrom } from '#components/release/file-name'
import { JarField } from '#components/release/jar-field'
import { ReleaseNameField } from '#components/release/release-name-field'
import { UploadRefusal } from '#components/release/upload-refusal'
import { startUpload, type Upload, type UploadRequest } from '#components/release/upload-store'
import { Button } from '#components/ui/button'
import { Loaded } from '#components/ui/loaded'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { commitPattern } from '#lib/releases/commit-pattern'
import { mayName } from '#lib/releases/release-name'
import type { ApplicationView } from '#lib/tenants/application'
import { slugPattern, slugRule } from '#lib/tenants/slug-pattern'

/** What is uploaded, into which application, under which name. A refusal of the last try stands above it. */
export function UploadForm({ tenant, refused }: { tenant: string; refused: Upload | undefined }): ReactNode {
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'board', 'applications'), tenantPath(tenant, 'applications'))
  return (
    <Loaded query={applications} label="Loading the applications" rows={3}>
      {({ items }) => <Form tenant={tenant} applications={items} refused={refused} />}
    </Loaded>
  )
}

function Form({ tenant, applications, refused }: { tenant: string; applications: ApplicationView[]; refused: Upload | undefined }): ReactNode {
  const client = useQueryClient()
  const last = refused?.request
  const [asked, setAsked] = useQueryState('app', parseAsString)
  const [file, setFile] = useState<File | null>(last?.file ?? null)
  const [slug, setSlug] = useState('')
  const [name, setName] = useState(last?.name ?? '')
  const [commit, setCommit] = useState(last?.commit ?? '')
  const [isTried, setTried] = useState(false)
  const wanted = asked ?? last?.application
  const chosen = applications.find((one) => one.slug === wanted)?.slug ?? (wanted ? newApplication : (applications[0]?.slug ?? newApplication))
  const isNew = chosen === newApplication
  const newSlug = slug || (wanted && wanted !== newApplication ? wanted : '') || guessFrom(file?.name ?? '').application
  const wrong = wrongFields(file, isNew ? newSlug : undefined, name, commit)
  const create = useMutation<ApplicationView, Problem, string>({
    mutationFn: (created) => apiSend<ApplicationView>('POST', tenantPath(tenant, 'applications'), { slug: created, name: created }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['t', tenant, 'board'] }),
  })

  async function send(override: Partial<UploadRequest> = {}): Promise<void> {
    setTried(true)
    if (!file || (override.name === undefined && Object.values(wrong).some(Boolean))) return
    const application = isNew ? (await create.mutateAsync(newSlug)).slug : chosen
    if (isNew) await setAsked(application)
    startUpload(tenant, { application, file, name, commit, ...override }, client)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // A refused application stays in create.error and is shown.
    send().catch(() => undefined)
  }

  // Uploading is one verb for the whole tenant, so that any application answers for one that is not made yet.
  const may = (applications.find((one) => one.slug === chosen) ?? applications[0])?.editSpec
  const denied = may && !may.allowed ? may.reason : undefined
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {refused?.phase === 'refused' && <UploadRefusal problem={refused.problem} onName={(suggested) => void send({ ...last, name: suggested })} />}
      {create.error && <ProblemNotice problem={create.error} title="The application was not made" />}
      <JarField file={file} onChange={setFile} error={isTried ? wrong.file : undefined} />
      <ApplicationChoice
        tenant={tenant}
        applications={applications}
        value={chosen}
        onChange={(value) => void setAsked(value)}
        slug={newSlug}
        onSlug={setSlug}
        error={isTried ? wrong.slug : undefined}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <ReleaseNameField value={name} onChange={setName} suggested={guessFrom(file?.name ?? '').name} error={wrong.name} />
        <TextField
          label="Commit"
          hint="What it was built from, as you say; may stay empty."
          isMono
          autoComplete="off"
          spellCheck={false}
          value={commit}
          onChange={(event) => setCommit(event.target.value.trim().toLowerCase())}
          error={wrong.commit}
        />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="primary" icon={UploadIcon} busy={create.isPending} disabledReason={denied}>
          Upload and seal
        </Button>
        {denied && <p className="min-w-0 flex-1 basis-56 text-ink-3">{denied}</p>}
      </div>
    </form>
  )
}

function wrongFields(file: File | null, slug: string | undefined, name: string, commit: string) {
  const naming = name === '' ? undefined : mayName(name)
  return {
    file: file === null ? 'Choose the JAR first.' : file.size === 0 ? `${file.name} is empty.` : undefined,
    slug: slug === undefined || slugPattern.test(slug) ? undefined : `The name ${slugRule}.`,
    name: naming && !naming.allowed ? [naming.reason, naming.fix].filter(Boolean).join(' ') : undefined,
    commit: commit === '' || commitPattern.test(commit) ? undefined : 'A commit is 7 to 64 hexadecimal digits.',
  }
}
