"""A stand-in for the Hadoop distributions of λFS and HopsFS, and for λFS's serverless NameNodes.

It keeps the names, files, commands and exit codes of the real ones and works on the real NDB schema, the real ZooKeeper
tree and OpenWhisk's web path, so that a wrong address, number, password or missing table makes it fail. It holds no
data: files have no content. `archives.py` packs it, with PyMySQL and kazoo, for VMs that have nothing but Python.
"""
