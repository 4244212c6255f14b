#!/bin/sh
# Run by mmdebstrap with the root of the new image as $1, after the files of rootfs/ were copied in.
set -eu
root=$1

chown -R 0:0 "$root/etc/apt" "$root/etc/ssh" "$root/etc/sudoers.d" "$root/etc/systemd"
chmod -R u=rwX,go=rX "$root/etc/apt" "$root/etc/ssh" "$root/etc/systemd"
chown 0:0 "$root/etc"
chmod 0755 "$root/etc"
chmod 0440 "$root/etc/sudoers.d/90-lambdafs-lab"
chroot "$root" useradd --create-home --shell /bin/bash --uid 1000 ubuntu
chroot "$root" usermod --password '*' ubuntu
install -d -m 0700 -o 1000 -g 1000 "$root/home/ubuntu/.ssh"

# Every VM makes host keys and a machine id of its own at its first boot.
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"

chroot "$root" systemctl enable lambdafs-lab-host-keys.service
chroot "$root" systemctl mask \
  apt-daily-upgrade.timer apt-daily.timer console-getty.service dpkg-db-backup.timer \
  e2scrub_all.timer e2scrub_reap.service fstrim.timer getty.target \
  systemd-hwdb-update.service systemd-logind.service systemd-machine-id-commit.service \
  systemd-networkd.service systemd-timesyncd.service systemd-udev-trigger.service systemd-udevd.service
chroot "$root" systemctl set-default multi-user.target
