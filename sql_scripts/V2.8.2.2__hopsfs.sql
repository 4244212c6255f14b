-- The metadata log is ordered by a logical time instead of a clock's

ALTER TABLE hdfs_inodes ADD COLUMN logical_time INT NOT NULL DEFAULT 0;

ALTER TABLE hdfs_metadata_log
  CHANGE COLUMN `timestamp` logical_time INT NOT NULL,
  DROP INDEX `timestamp`,
  ADD INDEX logical_time (logical_time);

ALTER TABLE yarn_containers_logs MODIFY COLUMN mb BIGINT;

UPDATE yarn_price_multiplicator SET id = 'GENERAL' WHERE id = 'VARIABLE';
