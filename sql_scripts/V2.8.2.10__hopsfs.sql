-- Provenance of attributes lies with its inode

ALTER TABLE hdfs_file_provenance_xattrs_buffer PARTITION BY KEY (inode_id);
