### The page of a merchant's site.

waiting = Waiting for the first report
waiting-more = Put the header below on the checkout pages and open one of them. This line changes by itself as soon as a browser reports.
arriving = Reports are arriving
site-silent = No report for more than 24 hours
site-silent-more = Either nothing broke the policy, or the header is gone. Open a checkout page and look whether the header is still there.
no-status = Whether reports arrive cannot be read now
domains = Domains
setup = The header to paste
setup-more = Send these two headers with every checkout page. Begin with the variant that only reports.
report-only = Report only: nothing is blocked
enforce = Enforce: blocks what the policy does not name
enforce-more = Use this one when the reports name nothing any more that your shop needs: whatever is not in the policy stops working.
needs-https = Both the pages and the address in the header must be HTTPS: Reporting-Endpoints is ignored without it, and browsers on HTTPS pages do not post to plain HTTP.
both-ways = Browsers that know report-to use it, with Reporting-Endpoints; all others use report-uri. Leave both in.
from-yours = The policy is the one that was last told for this merchant, with the reports sent here.
from-strict = No policy was told for this merchant, so this is a strict one to begin with. In report-only it shows what the pages really use.
copy = Copy
copied = Copied
no-key = This merchant has no active key, so there is no address to report to. Add one with: skimwatch site add-key
site-destinations = New destinations here, last 30 days
site-reports = Newest reports
site-alerts = Alerts about this merchant
no-sites = No merchants yet. Import them with: skimwatch import merchants.json

# How many reports a site has sent.
# $count (number)
reports-counted = { $count ->
    [one] 1 report
   *[other] { $count } reports
}
