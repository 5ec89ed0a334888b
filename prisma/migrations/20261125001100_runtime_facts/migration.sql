-- What a worker saw of its machine (keys `runtime:<kind>`): every tenant's plans are judged by it, so a tenant reads it, and nothing else there.
grant select on platform_setting to caisson_app;
create policy runtime_facts on platform_setting for select to caisson_app using (key like 'runtime:%');
