#!/bin/sh -e
# The hub: an interface for each spoke, and a route to the networks behind each. It has to forward packets.
cd "$(dirname "$0")"
# -u in setkey.conf names the policies of an interface by numbers that are known beforehand.
culvert sysctl -w net.ipsecif.use_fixed_reqid=1
culvert ifconfig -f ifconfig.ipsec0
culvert ifconfig -f ifconfig.ipsec1
culvert ifconfig -f ifconfig.ipsec2
culvert setkey -f setkey.conf
culvert route add 192.168.1.0/24 172.16.1.2
culvert route add 2001:db8:1::/64 fd00:1::2
culvert route add 192.168.2.0/24 172.16.2.2
culvert route add 2001:db8:2::/64 fd00:2::2
culvert route add 192.168.3.0/24 172.16.3.2
culvert route add 2001:db8:3::/64 fd00:3::2
