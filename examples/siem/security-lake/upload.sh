#!/bin/sh
# Copies what `pushgraph export --format parquet` wrote to the custom sources of sources.json.
#
#     upload.sh FOLDER BUCKET REGION
#
# What is there already is not copied again. AWS_PROFILE names the role that each source was made with, or one that may
# write to all of them.
set -eu
folder=$1 bucket=$2 region=$3

for class in "$folder"/*/1.3.0; do
  source=push_$(basename "$(dirname "$class")")
  for connector in "$class"/connector=*; do
    aws s3 sync --only-show-errors --exclude '*' --include '*.parquet' "$connector/" \
      "s3://$bucket/ext/$source/region=$region/accountId=external_${connector##*/connector=}/"
  done
done
