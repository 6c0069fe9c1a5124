"""What stands between the network and the pages: headers, hosts, cookies, forged requests, limits."""
