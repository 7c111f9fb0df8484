package emit
import ("testing";"os")
func TestDump(t *testing.T){
 for _,a:=range []struct{n string;f func()([]File,error)}{{"c",func()([]File,error){return Files(confluence())}},{"e",func()([]File,error){return Files(everything())}}} {
  files,err:=a.f(); if err!=nil {t.Fatal(err)}
  os.MkdirAll("/tmp/emitdump/"+a.n,0o755)
  for _,f:=range files { os.WriteFile("/tmp/emitdump/"+a.n+"/"+f.Name,f.Data,0o644)}
 }
}
