-- How many replicas an under-replicated block should have

ALTER TABLE hdfs_under_replicated_blocks ADD COLUMN expected_replicas INT NOT NULL DEFAULT 3;

INSERT IGNORE INTO hdfs_variables (id, value)
SELECT added.id, '' FROM (SELECT 35 AS id UNION ALL SELECT 36) AS added
WHERE EXISTS (SELECT * FROM hdfs_variables);
