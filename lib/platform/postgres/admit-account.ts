import pg from 'pg'
import { askDatabase } from '#lib/platform/postgres/ask-database'

/**
 * Lets the account of `url` do what Caisson does every day, where the schema belongs to another account: it becomes a member
 * of the two roles that the migrations made, and the queue's tables, which are closed to everybody but their owner, open to
 * the role that claims work. Idempotent. Refuses when the account cannot come in.
 */
export async function admitAccount(ownerUrl: string, url: string): Promise<void> {
  const [user] = await askDatabase<{ user: string }>(url, 'select current_user as user')
  await askDatabase(ownerUrl, grants(user?.user ?? ''), { variable: 'DATABASE_OWNER_URL' })
}

const grants = (user: string): string => `
  grant caisson_app, caisson_platform to ${pg.escapeIdentifier(user)};
  grant select on _prisma_migrations to caisson_platform;
  grant usage on schema graphile_worker to caisson_platform;
  grant select, insert, update, delete on all tables in schema graphile_worker to caisson_platform;
  grant usage on all sequences in schema graphile_worker to caisson_platform;
  grant execute on all functions in schema graphile_worker to caisson_platform;
  do $$
  declare
    closed text;
  begin
    for closed in
      select relname from pg_class c where relnamespace = 'graphile_worker'::regnamespace and relrowsecurity
        and not exists (select from pg_policy where polrelid = c.oid and polname = 'platform_rows')
    loop
      execute format('create policy platform_rows on graphile_worker.%I to caisson_platform using (true) with check (true)', closed);
    end loop;
  end $$;`
