#!/usr/bin/env bash
# up.sh FOLDER NODES CPUS: a Slurm of one's own on loopback, for tests: munged, slurmctld and NODES slurmd in FOLDER; root, no systemd.
# Prints the path of its slurm.conf. down.sh FOLDER stops it.
set -euo pipefail
dir=$1 nodes=$2 cpus=$3 host=$(hostname -s)
mkdir -p "$dir"/{state,spool,log,run,munge}
chmod 755 "$dir"
(umask 077; head -c 1024 /dev/urandom >"$dir/munge/key")
chmod 711 "$dir/munge"; chmod 400 "$dir/munge/key"
munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/run/munged.pid" --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed"
# A range of ports that another instance on this machine does not use.
port=$((10000 + $$ % 1250 * 16))
cat >"$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd.%n.pid
SlurmdSpoolDir=$dir/spool/%n
StateSaveLocation=$dir/state
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=10
KillWait=2
JobRequeue=1
SlurmdParameters=config_overrides
NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=$cpus RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$dir/slurm.conf
slurmctld -i -f "$SLURM_CONF"
for i in $(seq "$nodes"); do mkdir -p "$dir/spool/n$i"; slurmd -N "n$i" -f "$SLURM_CONF"; done
for _ in $(seq 200); do
	[ "$(sinfo -h -N -o %t 2>/dev/null | grep -c '^idle$' || true)" = "$nodes" ] && { echo "$SLURM_CONF"; exit 0; }
	sleep 0.1
done
echo "up.sh: not all nodes came up; see $dir/log" >&2
exit 1
