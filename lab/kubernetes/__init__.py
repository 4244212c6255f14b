"""The lab's Kubernetes: a real API server for each EKS cluster, and stand-ins for what runs on its nodes."""
