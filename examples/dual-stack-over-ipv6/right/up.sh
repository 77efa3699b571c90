#!/bin/sh -e
# The right gateway: 192.168 and 2001:db8 networks of both ends through one tunnel over IPv6.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
# ipsecif(4) cuts outer IPv6 packets to 1280 bytes unless it may use the MTU of the path.
culvert sysctl -w net.interfaces.ipsec0.pmtu=1
culvert setkey -f setkey.conf
culvert route add 192.168.100.0/24 172.16.200.1
culvert route add 2001:db8:100::/64 fd00:200::1
