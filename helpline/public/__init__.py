"""The screens of everyone else."""
