-- Costs of a day by application, longer user names

ALTER TABLE yarn_projects_daily_cost ADD COLUMN app_ids VARCHAR(3000) NOT NULL DEFAULT '';

ALTER TABLE yarn_applicationstate MODIFY COLUMN appuser VARCHAR(100);
